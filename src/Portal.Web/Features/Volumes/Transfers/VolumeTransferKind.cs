namespace Portal.Web.Features.Volumes.Transfers;

/// <summary>Which way a volume's files go.</summary>
public enum VolumeTransferKind
{
    /// <summary>From a node to the browser.</summary>
    Backup,

    /// <summary>From the browser to a node.</summary>
    Restore,
}
