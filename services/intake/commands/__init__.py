"""What a person may do at the window: one function a deed, each in the unit of work it is handed."""
