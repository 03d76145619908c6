"""The rules of a sitting: values in, values out; `now` is an argument, nothing is done."""
