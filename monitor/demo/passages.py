"""The demo test's two passages, written for it."""

from __future__ import annotations

BICYCLE = """\
On the first Monday of every month, Marta Lindqvist loads two hundred books onto a bicycle and \
rides out of Osterby before the bakery opens. The bicycle has a third wheel, a wooden chest in \
front of the handlebars and a bell that once belonged to a tram. On its side somebody has \
painted, in careful green letters, THE LIBRARY COMES TO YOU.

It was not her idea. Eleven years ago the town closed the four smallest branches of its library, \
because hardly anyone used them any more. A pupil named Jonas, who was twelve at the time, wrote \
a letter to the council. He did not complain. He simply counted: from the farm where he lived, he \
wrote, it was nineteen kilometres to the nearest open shelf, and the last bus back left at ten \
past three, five minutes before his school did. The council had no answer to such an exact \
letter, so it passed it on to Marta, and Marta bought a bicycle.

In the beginning she took what she thought people ought to read. The chest came home almost as \
full as it had left. Then a fisherman asked whether she had anything on knots, a girl wanted \
stories about wolves in which the wolf wins, and an old man wished only for large print. Marta \
began to keep a notebook of wishes, and filled the chest from that. Within a year she needed the \
third wheel.

People often ask her whether a van would not be more sensible. She agrees that it would. "But \
nobody waves at a van," she says. "When they hear the bell, they come out before they know \
whether they want a book. And once they are standing there anyway, they look."

Jonas is a student in the capital now. When he is at home, he still rides along, and he still \
counts. Last year, he reports, the chest came back empty on seven rides out of twelve."""

HARBOUR = """\
Until the new breakwater was built, the harbour of Saltmere had a second clock that no one could \
see. Twice a day, when the tide had fallen far enough, the sandbank in front of the entrance \
hummed. Sailors called the sound the Old Monk. It was a single deep note, somewhere between the \
wind in a bottle and a very distant choir, and it lasted for about twenty minutes.

There were several stories about it. The oldest told of a monastery under the sand whose monks \
had never been informed that it had sunk. A practical man, the harbour master of 1871, took the \
Monk for a natural warning: as long as he sang, the water over the bank was too shallow for a \
loaded ship. He had the rule painted on a board. For ninety years pilots who could not see the \
bank in the fog switched off their engines and listened.

The explanation came late and almost by accident. In 1958 two students measured how the sand was \
moved by the ebb. They found that the bank was not smooth but ribbed like a washboard, and that \
the ribs were remarkably regular. When a thin sheet of water drained across them at just the \
right speed, each rib made a tiny wave that broke at the same moment as its neighbours. Millions \
of small splashes, all in step, became one voice. A little slower or faster, and they fell out of \
time; then the Monk was silent.

When the breakwater was planned, the engineers promised that it would keep the swell away from \
the quays, and so it did. What nobody had promised was that the current would stay the same. The \
bank is still there, but the water now leaves it gently, and the ribs have worn away. The harbour \
has an excellent light and an electronic depth gauge. Yet on calm evenings people still stop on \
the quay for a moment at low water, the way one pauses in a house where a clock has stopped."""
