"""Synthetic security data: seeded, of any size, with defects planted at known places and counted.

Nothing in it is anybody's: names are made of word lists, domains are reserved (RFC 2606), addresses are private
(RFC 1918) or reserved for documentation (RFC 5737, RFC 3849), card numbers and secrets are made up.
"""
