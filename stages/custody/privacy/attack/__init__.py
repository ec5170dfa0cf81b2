"""The attack of a stranger: who has the release and the policy, and not the key, tries what can be computed without it.

A plain hash, an encoding or a mixture with a public word hides a name from nobody who can guess it: guess, compute,
compare. Here that is done before a release can leave, and one guess that gives a released value refuses it (gate).

What is guessed. The dictionary of a stranger holds a person or it does not; the best one holds everybody. So the
stage guesses the identifiers that the data set itself holds (`guesses`): what any directory could find is found for the
price of the data set's own identifiers, of very many an even sample. With `privacy.attack: full` all of them are
guessed, and the literal dictionaries come on top: the 17.9 million addresses of RFC 1918, and names and mail addresses
of a directory (`directory`).

What is computed. Digests as a whole or cut short, in hexadecimal, base32, base64 or decimal digits; HMAC under words
that stand in the policy; encodings that anyone undoes (`functions`); Crypto-PAn under keys that everybody has and other
maps of addresses (`maps`).

What is compared. The distinct values of every text column of the file that was read back, and hexadecimal digests
inside of longer texts, by 64 bits (`targets`): n guesses by chance meet one of m values with a chance of n·m/2⁶⁴.
"""
