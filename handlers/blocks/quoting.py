"""What is left of a private message when the words in it were taken back."""

WORDS_ARE_GONE = "The message that this was about was changed or deleted since."
