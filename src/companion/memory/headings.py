"""What the kinds of memories are called where they are listed."""

from companion.domain.memories import Kind

HEADINGS = {
    Kind.PERSON: "People",
    Kind.WORK: "Work",
    Kind.PLACE: "Places",
    Kind.LIKE: "What you like",
    Kind.DISLIKE: "What you do not like",
    Kind.FACT: "About you",
    Kind.BIRTHDAY: "Birthdays",
    Kind.EVENT: "Events",
    Kind.PLAN: "Plans",
    Kind.WORRY: "Worries",
    Kind.PROMISE: "What she promised",
    Kind.WISH: "What you wish from her",
}
