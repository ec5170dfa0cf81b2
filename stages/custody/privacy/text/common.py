"""Words that stand in logs and mail by chance: a name that is one of them counts only in an identifier's place."""

from __future__ import annotations

COMMON = frozenset(
    """
    about access account action active added address admin after agent alert allow allowed also always another
    answer apply audit auth authentication available back backup been before begin being between block blocked body
    both build bytes call called cannot card case category certificate change changed check class clean clear click
    client close closed cloud code command common company computer config configuration connect connected connection
    contact content control copy could count create created critical current customer daemon database date days
    default delete deleted denied deny department desk detail details detected device different digital direct
    directory disabled disk document does domain done down download drop dropped each edge employee enabled
    encrypted engineering enter entry error event every example exit export external fail failed failure false feed
    feedback field file files filter finance find finished first flag folder follow form format forward found free
    from full gateway general global good grant granted group guest hand handler have hello help here high home host
    hosting hour however http https identity idle image import inbound index info information input inside install
    internal internet into invalid invoice issue items join jobs keep kernel key keys kind known label last later
    lead left legal length less level library license like limit line link list load local lock locked login logins
    logout long look lost mail main make manager many marketing master match maximum media medium member memory
    message method minimum minute missing mobile mode model module month more most move much must name need network
    never news next nobody node none normal noreply note nothing notice notify null number object office only open
    operation operations operator option order other output outside over owner packet page pass passed password path
    payment people permission permitted phone please point policy port position post power present print private
    process product profile program project protocol provider proxy public query queue quit random range read ready
    reason receive received record refused register reject rejected release remote remove removed reply report
    request reset resource response rest result return right role root route router rule running safe sales same
    save scan scanner schedule script search second security select send sender sent server service services session
    setting setup share shell should show shutdown side sign signal since single site size sleep some source spam
    start started state station status step still stop stopped storage store string subject success such suite
    summary support switch sync system table take target task team temp temporary terminal test text than that their
    them then there these they thing this those thread threat through time timeout title today token tool total
    trace traffic transfer trial true trust type under unit unknown until update upload upper usage used user users
    valid value vendor version very view visit wait warn warning watch webmaster week welcome well were what when
    where which while with within without word work worker workstation world would write written wrong year your
    zone january february march april june july august september october november december monday tuesday wednesday
    thursday friday saturday sunday
    """.split()  # noqa: SIM905  # a word list
)
"""English words of four letters and more, the field's and mail's; shorter names count only in places anyway."""
