"""A demo school whose simulated students keep one sitting after another alive."""
