namespace Portal.Data.Entities.Rest;

/// <summary>A request that a program may send again under the same key without its being done again.</summary>
public sealed class RestRequest
{
    public Guid UserId { get; set; }

    /// <summary>The caller's.</summary>
    public string Key { get; set; } = "";

    /// <summary>SHA-256 of the method, the address and the body.</summary>
    public byte[] RequestHash { get; set; } = [];

    /// <summary>What it was answered, encrypted; null while it is under way.</summary>
    public byte[]? Answer { get; set; }

    public DateTimeOffset CreatedAt { get; set; }
}
