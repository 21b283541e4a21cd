namespace Portal.Web.Features.Files;

/// <summary>A file on its way from the browser; the bytes never pass through the circuit.</summary>
public sealed record FileUpload(int Id, string Name, string Folder, double Size)
{
    /// <summary>0 to 1 of the bytes are sent.</summary>
    public double Share { get; init; }

    /// <summary>True until it begins.</summary>
    public bool IsWaiting { get; init; } = true;

    public bool HasEnded { get; init; }

    public string? Error { get; init; }

    /// <summary>The name is taken: it can be sent once more to replace what is there.</summary>
    public bool IsTaken { get; init; }
}
