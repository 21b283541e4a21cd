namespace Portal.Compose.Problems;

public enum ComposeSeverity
{
    /// <summary>Worth knowing; nothing to do.</summary>
    Note,

    /// <summary>Likely not what was meant.</summary>
    Warning,

    /// <summary>The project cannot be used so.</summary>
    Error,
}
