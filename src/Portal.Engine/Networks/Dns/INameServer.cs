namespace Portal.Engine.Networks.Dns;

/// <summary>Answers containers' questions about names.</summary>
internal interface INameServer
{
    /// <summary>
    /// Answers at these places from now on, and nowhere else. One that can't be had is tried again, soon at first and then each second.
    /// </summary>
    /// <param name="places">Where containers ask.</param>
    /// <param name="names">What is known at the time of a question.</param>
    /// <returns>Ends when those places are let go of that are served no longer: somebody else may answer there then.</returns>
    Task Serve(IReadOnlyCollection<NameServerPlace> places, Func<NameTable> names);
}
