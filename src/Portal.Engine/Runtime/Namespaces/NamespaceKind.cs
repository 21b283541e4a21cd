namespace Portal.Engine.Runtime.Namespaces;

/// <summary>Whose namespace a container's processes are in (namespaces(7)).</summary>
public enum NamespaceKind
{
    /// <summary>One of their own, which no other container may join.</summary>
    Private = 0,

    /// <summary>One of their own, which others may join.</summary>
    Shareable,

    /// <summary>One of their own without what belongs to it: for ipc, no <c>/dev/shm</c>.</summary>
    None,

    /// <summary>The host's.</summary>
    Host,

    /// <summary>Another container's.</summary>
    Container,
}
