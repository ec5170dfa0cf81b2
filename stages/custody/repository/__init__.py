"""Git and DVC: the only code that talks to them."""
