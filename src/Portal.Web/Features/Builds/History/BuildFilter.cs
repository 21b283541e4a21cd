namespace Portal.Web.Features.Builds.History;

/// <summary>Which builds of the past are wanted; all that is set must hold.</summary>
public sealed record BuildFilter
{
    /// <summary>A part of the image's name, the source, the person or the node, in any case.</summary>
    public string? Text { get; init; }

    /// <summary>As <see cref="Data.Entities.BuildRecord.State"/>; <c>interrupted</c> for what a portal that is gone left behind.</summary>
    public string? State { get; init; }

    public Guid? NodeId { get; init; }

    /// <summary>Those that began before this one.</summary>
    public DateTimeOffset? Before { get; init; }
}
