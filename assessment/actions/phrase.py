"""Phrases of one's own are kept."""

from django.db import transaction

from assessment.models import Phrase


@transaction.atomic
def keep_phrase(phrase: Phrase) -> Phrase:
    """Stores a phrase that was checked before. Raises IntegrityError where its title was taken meanwhile."""
    phrase.save()
    return phrase
