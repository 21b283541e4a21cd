namespace Portal.Web.Features.Webhooks.Payloads;

/// <summary>What a delivery says has happened.</summary>
public enum HookEventKind
{
    /// <summary>Commits came onto a branch.</summary>
    Push,

    /// <summary>A tag was made or moved.</summary>
    Tag,

    /// <summary>A release was published.</summary>
    Release,

    /// <summary>An image was pushed under a tag.</summary>
    Image,

    /// <summary>A program called.</summary>
    Call,
}
