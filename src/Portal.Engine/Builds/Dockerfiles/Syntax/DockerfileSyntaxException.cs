namespace Portal.Engine.Builds.Dockerfiles.Syntax;

/// <summary>What is wrong with a piece of a Dockerfile; whoever knows the file and the line puts them in front.</summary>
internal sealed class DockerfileSyntaxException(string message) : Exception(message);
