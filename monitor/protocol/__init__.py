"""What travels: wire messages, publications, their codec and the close codes."""
