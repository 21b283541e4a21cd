namespace Portal.Engine.Images.Formats;

/// <summary>The platform of an entry of an index (image-spec, <c>image-index.md</c>).</summary>
internal sealed record DescriptorPlatform
{
    public string? Os { get; init; }

    public string? Architecture { get; init; }

    public string? Variant { get; init; }
}
