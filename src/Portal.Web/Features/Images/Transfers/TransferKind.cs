namespace Portal.Web.Features.Images.Transfers;

/// <summary>Which way an image goes.</summary>
public enum TransferKind
{
    /// <summary>From a registry to a node.</summary>
    Pull,

    /// <summary>From a node to a registry.</summary>
    Push,
}
