namespace Portal.Agent.Consoles;

/// <summary>Somebody who looks at a console, on one screen.</summary>
/// <remarks>Guarded by its session's lock.</remarks>
internal sealed class ConsoleAudience(string personId, string person, bool mayType, DateTimeOffset since)
{
    public string PersonId => personId;

    public string Person => person;

    public DateTimeOffset Since => since;

    public bool MayType { get; set; } = mayType;

    /// <summary>The first byte that they have not got.</summary>
    public long Position { get; set; }

    /// <summary>It is not shared with them any more.</summary>
    public bool IsOut { get; set; }
}
