namespace Portal.Agent.Link;

/// <summary>Marks connections that came over the reverse link: the portal's, and nobody else's.</summary>
internal interface IReverseLinkFeature;
