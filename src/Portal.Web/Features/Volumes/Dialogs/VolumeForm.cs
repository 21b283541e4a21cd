namespace Portal.Web.Features.Volumes.Dialogs;

/// <summary>What a new volume is made of.</summary>
public enum VolumeForm
{
    /// <summary>A folder of its own on the node.</summary>
    Folder,

    /// <summary>The node's memory.</summary>
    Memory,

    /// <summary>A server's folder.</summary>
    Nfs,

    /// <summary>A folder of the node that is there already.</summary>
    Bind,

    /// <summary>Whatever mount(8) knows.</summary>
    Other,
}
