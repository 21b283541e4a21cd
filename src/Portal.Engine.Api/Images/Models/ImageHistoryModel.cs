namespace Portal.Engine.Api.Images.Models;

/// <summary>One row of <c>GET /images/{name}/history</c>.</summary>
internal sealed record ImageHistoryModel
{
    public required string Comment { get; init; }

    public required long Created { get; init; }

    public required string CreatedBy { get; init; }

    public required string Id { get; init; }

    public required long Size { get; init; }

    public required List<string>? Tags { get; init; }
}
