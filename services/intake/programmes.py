"""The programmes a citizen can ask for at the window. Their rules are the district's; here only their codes are known,
so that a misspelt need is refused at the desk and not days later."""

PROGRAMMES = frozenset({"pkh", "sembako", "pbi_jk", "kip", "kur"})
