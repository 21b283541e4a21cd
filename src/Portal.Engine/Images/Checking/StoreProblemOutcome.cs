namespace Portal.Engine.Images.Checking;

/// <summary>What came of a problem.</summary>
public enum StoreProblemOutcome
{
    /// <summary>Nothing: the check only looked.</summary>
    Found = 0,

    /// <summary>All is well again.</summary>
    Mended,

    /// <summary>What was damaged is removed. Whatever needed it is told of on its own.</summary>
    Removed,

    /// <summary>It can't be mended, and is marked where there is something to mark.</summary>
    Broken,
}
