namespace Portal.Web.Components.Shared;

/// <summary>What a status means for whoever looks.</summary>
public enum StatusTone
{
    /// <summary>Neither good nor bad: made, ended as it should.</summary>
    Neutral = 0,

    /// <summary>As it should be.</summary>
    Good,

    /// <summary>On its way.</summary>
    Busy,

    /// <summary>Wants a look.</summary>
    Warning,

    /// <summary>Failed.</summary>
    Bad,
}
