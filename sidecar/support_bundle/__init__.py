"""What somebody who helps from afar has to know, without secrets and persons."""
