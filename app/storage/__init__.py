"""Where models live: the shipped ones, those that visitors brought or trained, and epochs."""
