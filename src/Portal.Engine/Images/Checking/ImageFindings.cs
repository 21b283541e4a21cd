namespace Portal.Engine.Images.Checking;

/// <summary>What is wrong with one image.</summary>
internal sealed record ImageFindings
{
    /// <summary>The configuration, as far as it is here and fits.</summary>
    public Formats.ImageConfiguration? Configuration { get; init; }

    /// <summary>False when the manifest is missing or does not fit.</summary>
    public bool HasManifest { get; init; }

    /// <summary>Layers without a blob that is here, by their place.</summary>
    public IReadOnlyList<int> WithoutBlob { get; init; } = [];

    /// <summary>Layers that are not unpacked, by their place.</summary>
    public IReadOnlyList<int> NotUnpacked { get; init; } = [];

    public bool IsSound => Configuration is not null && HasManifest && WithoutBlob.Count == 0 && NotUnpacked.Count == 0;

    /// <summary>For people.</summary>
    public string Describe()
    {
        var parts = new List<string>();
        if (Configuration is null)
        {
            parts.Add("its configuration");
        }

        if (!HasManifest)
        {
            parts.Add("its manifest");
        }

        AddLayers(parts, "the content of layer", WithoutBlob);
        AddLayers(parts, "the unpacked layer", NotUnpacked);
        return string.Join(", ", parts);
    }

    private static void AddLayers(List<string> parts, string what, IReadOnlyList<int> layers)
    {
        if (layers.Count > 0)
        {
            parts.Add($"{what} {string.Join(", ", layers.Select(layer => layer + 1))}");
        }
    }
}
