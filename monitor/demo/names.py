"""The demo's people."""

from __future__ import annotations

TEACHER = "Ms Okafor"
GUEST = "You (the free seat)"
CLASS_NAME = "8b"

STUDENTS = (
    "Amara Diallo",
    "Ben Hoffmann",
    "Chiara Ricci",
    "Daniyar Akhmetov",
    "Elif Yildiz",
    "Felipe Duarte",
    "Grace Mensah",
    "Hana Novotná",
    "Ibrahim Haddad",
    "Jakub Zieliński",
    "Keiko Tanaka",
    "Lena Bergström",
    "Mateo Vargas",
    "Nadia Petrova",
    "Oisín Byrne",
    "Priya Raman",
    "Quentin Leroy",
    "Rosa Jiménez",
    "Samir Ben Ali",
    "Thandiwe Nkosi",
    "Uljana Koval",
    "Viktor Lund",
    "Wei-Ling Chen",
    "Xenia Pappas",
    "Yusuf Demir",
    "Zoë van Dijk",
    "Arjun Mehta",
    "Beatriz Sousa",
    "Callum Fraser",
    "Dilnoza Karimova",
)
