namespace Portal.Web.Features.Consoles.Rules;

/// <summary>Which consoles are recorded.</summary>
public enum ConsoleRecordingRule
{
    Nothing = 0,

    /// <summary>Shells on nodes.</summary>
    NodeShells,

    Everything,
}
