// Each class starts whole portals and a browser: side by side they would only slow each other down.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
