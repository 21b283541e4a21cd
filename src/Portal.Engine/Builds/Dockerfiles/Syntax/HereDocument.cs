namespace Portal.Engine.Builds.Dockerfiles.Syntax;

/// <summary>A document in the middle of a Dockerfile (Dockerfile reference, "Here-Documents").</summary>
/// <param name="Name">The word that ends it.</param>
/// <param name="Content">Its lines, each ending in a line feed; leading tabs are gone where <c>&lt;&lt;-</c> asked for it.</param>
/// <param name="Expand">True when variables are put in: the word stood without quotes.</param>
/// <param name="Chomp">True for <c>&lt;&lt;-</c>.</param>
/// <param name="FileDescriptor">The descriptor of <c>3&lt;&lt;EOF</c>; 0 where none is given.</param>
internal sealed record HereDocument(string Name, string Content, bool Expand, bool Chomp, int FileDescriptor);
