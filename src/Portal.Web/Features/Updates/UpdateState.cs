namespace Portal.Web.Features.Updates;

/// <summary>How a container's image stands to what its registry has under the same tag.</summary>
public enum UpdateState
{
    /// <summary>Nothing to compare: it was built or loaded on the node, is fixed by its digest, or no look has gone well yet.</summary>
    Unknown,

    /// <summary>The registry has the same.</summary>
    Current,

    /// <summary>The tag points at another image by now.</summary>
    Available,
}
