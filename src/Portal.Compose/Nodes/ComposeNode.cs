namespace Portal.Compose.Nodes;

/// <summary>A value of a Compose file that knows where it stands.</summary>
/// <remarks>Immutable, since aliases and merges share nodes; a change makes a new one.</remarks>
public abstract class ComposeNode
{
    private protected ComposeNode(Mark mark, NodeTag tag, int size)
    {
        Mark = mark;
        Tag = tag;
        Size = size;
    }

    public Mark Mark { get; }

    public NodeTag Tag { get; }

    /// <summary>How many nodes it is, written out with what its aliases stand for.</summary>
    internal int Size { get; }

    internal abstract ComposeNode WithTag(NodeTag tag);
}
