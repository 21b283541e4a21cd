namespace Portal.Web.Features.Pruning;

/// <summary>What a prune is of: the words of the dialog, in the reader's language, and how nodes are asked.</summary>
public abstract class PruneKind
{
    /// <summary>Said before the choices; null for nothing.</summary>
    public virtual string? Note => null;

    /// <summary>The choice between few and all: its title and both its ways; null when there is none.</summary>
    public virtual (string Title, string Few, string All)? Choice => null;

    /// <summary>Whether it can be limited by age.</summary>
    public virtual bool ByAge => false;

    /// <summary>Whether space is freed, so that sizes are told.</summary>
    public virtual bool FreesSpace => true;

    /// <summary>What the space that is freed consists of; null when it is plain.</summary>
    public virtual string? SpaceHint => null;

    /// <summary>What shall go: preview and prune of one plan choose by the same filter, also by the same moment.</summary>
    public abstract IPrunePlan Plan(PruneSettings settings, DateTimeOffset now);

    /// <summary>So many, in words.</summary>
    public abstract string Count(int number);
}
