"""Who is asking and what they may do: passwords, tokens, sign-in links, the access table."""
