"""What upstream says of a record's task, in the words of the taxonomy: one file a catalogue."""
