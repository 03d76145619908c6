"""The demo test: its questions, and how a student might answer them, rightly or not."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from monitor.demo.passages import BICYCLE, HARBOUR

TITLE = "Reading: a library on wheels, a harbour that sang"


class DemoQuestion(Struct, frozen=True, kw_only=True):
    """A question with answers that students give: `right` ones, and ones that are `wrong`."""

    id: str
    type: str
    passage_id: str
    prompt: str
    choices: dict[str, str] = {}
    right: tuple[Any, ...]
    wrong: tuple[Any, ...]

    def body(self) -> dict[str, Any]:
        """The question as the API takes it: without any answers."""
        return {
            "id": self.id,
            "type": self.type,
            "passage_id": self.passage_id,
            "prompt": self.prompt,
            "choices": [{"id": id_, "text": text} for id_, text in self.choices.items()],
        }


PASSAGES = {
    "bicycle": ("The library comes to you", BICYCLE),
    "harbour": ("The Old Monk of Saltmere", HARBOUR),
}

QUESTIONS = (
    DemoQuestion(
        id="q1",
        type="single_choice",
        passage_id="bicycle",
        prompt="Why did the council pass Jonas's letter on to Marta?",
        choices={
            "a": "It was full of complaints.",
            "b": "Its figures left the council nothing to say against it.",
            "c": "Marta was Jonas's teacher.",
            "d": "The council had decided to buy a bicycle.",
        },
        right=("b",),
        wrong=("a", "c", "d"),
    ),
    DemoQuestion(
        id="q2",
        type="number",
        passage_id="bicycle",
        prompt="How many kilometres was it from Jonas's farm to the nearest open library?",
        right=(19,),
        wrong=(11, 12, 4, 90),
    ),
    DemoQuestion(
        id="q3",
        type="multiple_choice",
        passage_id="bicycle",
        prompt="Which wishes did people tell Marta? Choose all that are in the text.",
        choices={
            "a": "A book about knots",
            "b": "Stories in which the wolf wins",
            "c": "A map of the district",
            "d": "Books in large print",
            "e": "A timetable of the buses",
        },
        right=(["a", "b", "d"],),
        wrong=(["a", "b"], ["a", "c", "d"], ["b"], ["a", "b", "d", "e"]),
    ),
    DemoQuestion(
        id="q4",
        type="single_choice",
        passage_id="bicycle",
        prompt="What changed after Marta began to keep a notebook?",
        choices={
            "a": "She took the books that people had asked for.",
            "b": "She rode twice a month.",
            "c": "She lent fewer books than before.",
            "d": "She wrote down who had not brought a book back.",
        },
        right=("a",),
        wrong=("b", "c", "d"),
    ),
    DemoQuestion(
        id="q5",
        type="text",
        passage_id="bicycle",
        prompt="Why does Marta prefer the bicycle to a van? Answer in your own words.",
        right=(
            "Because people hear the bell and come outside, and when they stand there they look at "
            "the books even if they did not plan to take one.",
            "A van would be more sensible but nobody waves at it. The bicycle makes people curious "
            "so they come out.",
            "The bell brings people out of their houses before they have decided anything. Then "
            "they look anyway.",
        ),
        wrong=(
            "Because a van is too expensive for the library.",
            "She likes riding and it is good for the environment.",
            "There is no space for a van on the farm.",
        ),
    ),
    DemoQuestion(
        id="q6",
        type="number",
        passage_id="bicycle",
        prompt="On how many rides last year did the chest come back with books still in it?",
        right=(5,),
        wrong=(7, 12, 6),
    ),
    DemoQuestion(
        id="q7",
        type="single_choice",
        passage_id="harbour",
        prompt="What did the harbour master of 1871 use the sound for?",
        choices={
            "a": "To call the pilots to work",
            "b": "To find the sunken monastery",
            "c": "As a sign that the water was too shallow for a loaded ship",
            "d": "To set the town's clock",
        },
        right=("c",),
        wrong=("a", "b", "d"),
    ),
    DemoQuestion(
        id="q8",
        type="multiple_choice",
        passage_id="harbour",
        prompt="What had to come together for the sandbank to hum? Choose two.",
        choices={
            "a": "Fog",
            "b": "Regular ribs in the sand",
            "c": "A strong wind",
            "d": "Water draining at the right speed",
            "e": "Ships near the entrance",
        },
        right=(["b", "d"],),
        wrong=(["b", "c"], ["a", "d"], ["d"], ["c", "d"]),
    ),
    DemoQuestion(
        id="q9",
        type="number",
        passage_id="harbour",
        prompt="For how many minutes, about, could the Old Monk be heard each time?",
        right=(20,),
        wrong=(90, 2, 58),
    ),
    DemoQuestion(
        id="q10",
        type="text",
        passage_id="harbour",
        prompt="Explain in two or three sentences how many small splashes became one note.",
        right=(
            "The sand had ribs with the same distance. The thin water made a small wave at every "
            "rib and they all broke at the same moment, so you heard them as one deep sound.",
            "Each rib made a tiny wave. Because the ribs were regular and the speed was right the "
            "waves broke together, and millions of little splashes in step sound like one voice.",
        ),
        wrong=(
            "The wind blew over the sand like over a bottle and that made the note.",
            "There were bells under the sand and the water moved them.",
            "The waves were very big at low tide and you could hear them in the harbour.",
        ),
    ),
    DemoQuestion(
        id="q11",
        type="single_choice",
        passage_id="harbour",
        prompt="Why is the Old Monk silent today?",
        choices={
            "a": "The sandbank was taken away.",
            "b": "The breakwater changed the current, and the ribs wore away.",
            "c": "The new depth gauge drowns it out.",
            "d": "The tide no longer falls far enough.",
        },
        right=("b",),
        wrong=("a", "c", "d"),
    ),
    DemoQuestion(
        id="q12",
        type="text",
        passage_id="harbour",
        prompt="What does the last sentence say about the people of Saltmere?",
        right=(
            "They miss the sound although nobody needs it any more. They still wait for it out of "
            "habit, like you notice a clock that has stopped.",
            "The silence is strange for them. Something that was always there is gone.",
        ),
        wrong=(
            "They are late because their clock does not work.",
            "They stop on the quay to see the new light.",
        ),
    ),
)


def body() -> dict[str, Any]:
    """The test as the API takes it."""
    return {
        "title": TITLE,
        "passages": [
            {"id": id_, "title": title, "text": text} for id_, (title, text) in PASSAGES.items()
        ],
        "questions": [question.body() for question in QUESTIONS],
    }
