namespace Portal.Web.Nodes;

public enum NodePresence
{
    /// <summary>No link, or no answer for ten seconds.</summary>
    Offline = 0,

    /// <summary>The link stands; the first snapshot has not come yet.</summary>
    Connecting,

    /// <summary>The link stands and the picture is complete.</summary>
    Online,
}
