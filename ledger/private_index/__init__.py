"""An organization's own index of the documents that it may open: a file on its own disk, rebuilt from vault and keys.

`terms` has what a document is found by, `store` the file, `rebuilding` how it is filled. What is indexed is in the
clear and never sent anywhere; the service learns which documents were read, and not what is searched for.
"""
