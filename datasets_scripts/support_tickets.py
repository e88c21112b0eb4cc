# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Support tickets: the built-in corpus, for offline use."""

import random
from itertools import islice
from pathlib import Path

from ..errors import UserInputError
from .builder import CorpusBuilder
from .documents import Document
from .support_tickets_templates import COMPANIONS, DENIED, MAIN, NEUTRAL, PLAIN, SLOTS, VAGUE

SIZES = {"train": 1600, "validation": 200, "test": 400}


class SupportTickets(CorpusBuilder):
    """Invented tickets to the support of a web shop, generated from templates, with 12 correlated labels.

    A ticket has two to six sentences: one or two for each of its labels, and others that are neutral or deny a label.
    Some labels are rare, some occur together, some sentences can mean several labels, and a few tickets have no label.
    No ticket is repeated, and the same seed gives the same tickets on every machine.
    """

    DESCRIPTION = "Invented tickets to the support of a web shop, generated from templates."
    HOME = "the package itself"
    LICENSE = "Apache-2.0"

    def find_sources(self, data_dir: str | None, config_name: str | None) -> list[Path]:
        """Return no files; fail if a folder is given."""
        if data_dir is not None:
            raise UserInputError("support_tickets is generated and reads no files; leave data_dir out")
        return []

    def read(self) -> tuple[list[str], dict[str, list[Document]]]:
        """Generate the tickets; see the base class."""
        rng = random.Random(self.seed)
        texts: dict[str, Document] = {}
        while len(texts) < sum(SIZES.values()):
            ticket = write_ticket(rng, f"ticket-{len(texts) + 1}")
            texts.setdefault(ticket.text, ticket)
        tickets = iter(texts.values())
        return sorted(PLAIN), {split: list(islice(tickets, size)) for split, size in SIZES.items()}


def write_ticket(rng: random.Random, ticket_id: str) -> Document:
    """Generate one ticket.

    Args:
        rng (`random.Random`): Generator of the choices.
        ticket_id (`str`): Id of the ticket.

    Returns:
        `Document`: The ticket.
    """
    labels = draw_labels(rng)
    sentences = [draw_sentence(rng, label) for label in labels]
    if len(labels) == 1 and rng.random() < 0.5:
        sentences.append(rng.choice(PLAIN[labels[0]]))
    # Two labels may draw the same vague sentence.
    sentences = list(dict.fromkeys(sentences))
    fillers = rng.sample(NEUTRAL, 2) + rng.sample(DENIED, 1)
    rng.shuffle(fillers)
    length = rng.randint(max(2, len(sentences)), min(6, len(sentences) + len(fillers)))
    sentences += fillers[: length - len(sentences)]
    rng.shuffle(sentences)
    # Slots are drawn once per ticket, so that it mentions one product, one person, one amount.
    words = {slot: rng.choice(choices) for slot, choices in SLOTS.items()}
    filled = [sentence.format_map(words) for sentence in sentences]
    return Document(ticket_id, " ".join(sentence[0].upper() + sentence[1:] for sentence in filled), labels)


def draw_labels(rng: random.Random) -> list[str]:
    """Draw the labels of a ticket: a main label and its companions, sometimes a random label or none."""
    if rng.random() < 0.03:
        return []
    main = rng.choices(list(MAIN), weights=list(MAIN.values()))[0]
    labels = [main] + [label for label, chance in COMPANIONS.get(main, {}).items() if rng.random() < chance]
    if rng.random() < 0.05:
        labels.append(rng.choice(list(MAIN)))
    return list(dict.fromkeys(labels))


def draw_sentence(rng: random.Random, label: str) -> str:
    """Draw a sentence for a label: usually a plain one, sometimes one that can mean other labels too."""
    if rng.random() < 0.2:
        return rng.choice([sentence for sentence, labels in VAGUE.items() if label in labels])
    return rng.choice(PLAIN[label])
