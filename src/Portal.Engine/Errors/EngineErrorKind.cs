namespace Portal.Engine.Errors;

/// <summary>
/// The closed set of ways in which an engine operation fails. Each transport maps a kind in one place: Docker's API to
/// its HTTP status, gRPC to its status code. Reuse a kind before you invent one.
/// </summary>
public enum EngineErrorKind
{
    /// <summary>Our bug, or a fault of the machine that the caller can't mend.</summary>
    Internal = 0,

    /// <summary>The named object does not exist.</summary>
    NotFound,

    /// <summary>A name or id is in use.</summary>
    AlreadyExists,

    /// <summary>The request makes no sense, whatever the state of the machine.</summary>
    InvalidArgument,

    /// <summary>The request makes sense, but not in the object's present state.</summary>
    Conflict,

    /// <summary>A registry or a caller gave no valid credentials.</summary>
    Unauthenticated,

    /// <summary>The caller is known and may not do this.</summary>
    Forbidden,

    /// <summary>Something outside (a registry, the disk, the kernel) is not available now; a retry may help.</summary>
    Unavailable,
}
