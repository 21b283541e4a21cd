namespace Portal.Web.Features.Updates.Tags;

/// <summary>Why a tag is left out.</summary>
public enum TagReason
{
    /// <summary>It is not.</summary>
    None,

    /// <summary>No tag at all by the rules of registries.</summary>
    NotATag,

    /// <summary>The pattern does not match.</summary>
    Pattern,

    NotAVersion,

    /// <summary>A version before a release.</summary>
    PreRelease,

    OutsideRange,

    NotANumber,

    NotADate,
}
