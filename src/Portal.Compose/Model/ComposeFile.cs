namespace Portal.Compose.Model;

/// <summary>A config or a secret: a file that services are given.</summary>
/// <param name="Content">Its bytes; null for one that is kept elsewhere.</param>
public sealed record ComposeFile(string Key, string Name, byte[]? Content)
{
    /// <summary>Without what may be secret.</summary>
    public override string ToString() => $"ComposeFile {{ {Key} }}";
}
