"""The commands. One file a verb: parse the words, call the stages, print the answer."""
