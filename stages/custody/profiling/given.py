"""Given names, common ones of many languages in ASCII: a JSON key that is one names a person and no field."""

from __future__ import annotations

from typing import Final

from custody.privacy.attack import directory

_MORE: Final = """
aaron abdul abdullah adam aditya adrian agnes ahmad aisha akira alan albert alejandro aleksander alex alexander
alexandra alfred ali alice alicia alina amanda amelia amina amir amy ana anand andre andrea andreas andrei andrew andy
angela anja anna anne anthony antonio arjun arthur ashley aya barbara beatrice ben benjamin bernd bianca bob brian
bruno camille carl carla carlos carmen carol caroline catherine charles charlie charlotte chen chiara chris christian
christina christine christopher claire clara claudia colin cristina daniel daniela dave david deborah deepak denis
diana diego dieter dimitri dmitri dominik donald dorothy edward elena eleni elias elisa elizabeth ella ellen emil
emily emma eric erik erika ernst esther eva eve evelyn fabian farid fatima felix fernando filip fiona florian
francesca francesco francois frank franz fred frederik friedrich gabriel gabriela gary george georg gerald gerhard
giovanni giulia greta gustav hannah hans harald hassan heidi heinz helen helena helga henri henry hiroshi hugo ibrahim
igor ines ingrid irina isaac isabel isabella ivan ivana jack jacob jakob james jamila jana jane janet javier jean jeff
jennifer jens jeremy jerome jessica jiri joan joanna joao joe joel joerg johan johann johannes john jonas jonathan
jose josef joseph joshua juan judith julia julian julie jun juergen kamil karen karin karl karol karolina katarzyna
kate katharina kathrin katja keiko keith ken kenneth kenji kevin khalid kim klaus kofi krzysztof kumar lars laura
lauren lea leila lena leo leon leonardo lidia liam lina linda lisa liu louis louise luca lucas lucia luis luisa luka
lukas magda mallory manuel marc marcel marcin marco marek margaret maria marie marina mario marta martin martina mary
mateo matteo matthew matthias maya mei melanie michael michal michel michelle miguel mika milan mina miriam mohamed
mohammad mohammed monika muhammad nadia naomi natalia natalie natasha nico nicolas nicole nikolai nils nina noah nora
oleg oliver olivia olga omar oscar otto pablo paola patricia patrick paul paula pavel pedro peggy peter petra philip
philipp piotr priya rachel rafael rahul raj ralf rania rebecca renate ricardo richard rita robert roberto robin roger
roland roman rosa ruth ryan sabine sabrina salma sam samir samuel sandra sara sarah satoshi sebastian sergei sergio
sharon simon simone sofia sonia sophia sophie stefan stefanie stephanie stephen steve steven sunita susan susanne
svetlana sven sybil tanja tariq tatiana thomas thorsten tim timo tobias tom tomas tomasz tony trent ulrich ulrike
ursula uwe valentina vanessa vera veronica victor victoria viktor vikram vincent vladimir walter wang wei werner
wilhelm william wolfgang xavier yasmin yuki yusuf zhang zoe zofia
"""

_FIELDS: Final = frozenset((*directory.ACCOUNTS, "mark", "marks"))
GIVEN: Final = (frozenset(_MORE.split()) | frozenset(directory.names())) - _FIELDS
"""In lower case, with the accounts that first and last names make; without names that are fields as well (max, jan)."""
