namespace Portal.Agent.Link;

/// <summary>Why a link could not be made: decides when it is tried again.</summary>
internal enum LinkProblem
{
    /// <summary>Nobody answered; an attempt costs the portal nothing.</summary>
    Unreachable = 0,

    /// <summary>Somebody answered, but not as the portal should.</summary>
    Failing,

    /// <summary>The portal refused, or something here is wrong: no retry changes that.</summary>
    Refused,

    /// <summary>The portal that was asked for has ended; another may be there.</summary>
    Gone,
}
