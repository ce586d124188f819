package dev.buildboss.testing;

import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.spi.FileSystemProvider;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The file system that is there, with a disk that is full when a test says so: what is written then is cut, and no file or
 * directory is made. Renaming and removing go on.
 */
final class FullDisk extends FileSystemProvider {

    private static final String REASON = "No space left on device";

    private final FileSystemProvider real;
    private final FileSystem fileSystem;
    private boolean full;
    private int refused;

    private FullDisk(Path somewhere) {
        real = somewhere.getFileSystem().provider();
        fileSystem = new FullDiskFileSystem(this, somewhere.getFileSystem());
    }

    /** A disk with room at that place. */
    static FullDisk at(Path place) {
        return new FullDisk(place);
    }

    /** The same place on this disk. */
    Path path(Path place) {
        return (Path) Proxy.newProxyInstance(
                FullDisk.class.getClassLoader(), new Class<?>[] {Path.class}, new FullDiskPath(this, place));
    }

    /** Whether there is room from now on. */
    void full(boolean value) {
        full = value;
    }

    /** How often it had no room. */
    int refused() {
        return refused;
    }

    FileSystem fileSystem() {
        return fileSystem;
    }

    /** How much of so many bytes still fits: half of them, for a disk fills in the middle. */
    int room(int bytes) {
        return full ? bytes / 2 : bytes;
    }

    IOException noSpace() {
        refused++;
        return new IOException(REASON);
    }

    private void needRoom(Path path) throws IOException {
        if (full) {
            refused++;
            throw new FileSystemException(path.toString(), null, REASON);
        }
    }

    static Path plain(Path path) {
        return Proxy.isProxyClass(path.getClass()) ? ((FullDiskPath) Proxy.getInvocationHandler(path)).place : path;
    }

    @Override
    public String getScheme() {
        return "fulldisk";
    }

    @Override
    public FileSystem newFileSystem(URI uri, Map<String, ?> settings) {
        throw new UnsupportedOperationException();
    }

    @Override
    public FileSystem getFileSystem(URI uri) {
        return fileSystem;
    }

    @Override
    public Path getPath(URI uri) {
        throw new UnsupportedOperationException();
    }

    @Override
    public FileChannel newFileChannel(Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
            throws IOException {
        if (options.contains(java.nio.file.StandardOpenOption.CREATE_NEW)) {
            needRoom(path);
        }
        return new FullDiskChannel(this, FileChannel.open(plain(path), options, attributes));
    }

    @Override
    public SeekableByteChannel newByteChannel(
            Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes) throws IOException {
        return newFileChannel(path, options, attributes);
    }

    @Override
    public DirectoryStream<Path> newDirectoryStream(Path dir, DirectoryStream.Filter<? super Path> filter)
            throws IOException {
        List<Path> entries = new ArrayList<>();
        try (DirectoryStream<Path> stream = real.newDirectoryStream(plain(dir), entry -> filter.accept(path(entry)))) {
            stream.forEach(entry -> entries.add(path(entry)));
        }
        return new DirectoryStream<>() {
            @Override
            public Iterator<Path> iterator() {
                return entries.iterator();
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public void createDirectory(Path dir, FileAttribute<?>... attributes) throws IOException {
        needRoom(dir);
        real.createDirectory(plain(dir), attributes);
    }

    @Override
    public void delete(Path path) throws IOException {
        real.delete(plain(path));
    }

    @Override
    public void copy(Path source, Path target, CopyOption... options) throws IOException {
        needRoom(target);
        real.copy(plain(source), plain(target), options);
    }

    @Override
    public void move(Path source, Path target, CopyOption... options) throws IOException {
        real.move(plain(source), plain(target), options);
    }

    @Override
    public boolean isSameFile(Path path, Path other) throws IOException {
        return real.isSameFile(plain(path), plain(other));
    }

    @Override
    public boolean isHidden(Path path) throws IOException {
        return real.isHidden(plain(path));
    }

    @Override
    public FileStore getFileStore(Path path) throws IOException {
        return real.getFileStore(plain(path));
    }

    @Override
    public void checkAccess(Path path, AccessMode... modes) throws IOException {
        real.checkAccess(plain(path), modes);
    }

    @Override
    public <V extends FileAttributeView> V getFileAttributeView(Path path, Class<V> type, LinkOption... options) {
        return real.getFileAttributeView(plain(path), type, options);
    }

    @Override
    public <A extends BasicFileAttributes> A readAttributes(Path path, Class<A> type, LinkOption... options)
            throws IOException {
        return real.readAttributes(plain(path), type, options);
    }

    @Override
    public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options) throws IOException {
        return real.readAttributes(plain(path), attributes, options);
    }

    @Override
    public void setAttribute(Path path, String attribute, Object value, LinkOption... options) throws IOException {
        real.setAttribute(plain(path), attribute, value, options);
    }

    /** A path of this disk is a real one, wherever paths go in and out. */
    private record FullDiskPath(FullDisk disk, Path place) implements InvocationHandler {
        @Override
        public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] given) throws Throwable {
            if (method.getName().equals("getFileSystem")) {
                return disk.fileSystem;
            }
            Object[] arguments = given == null ? new Object[0] : given.clone();
            for (int i = 0; i < arguments.length; i++) {
                arguments[i] = arguments[i] instanceof Path path ? plain(path) : arguments[i];
            }
            try {
                Object result = method.invoke(place, arguments);
                if (result instanceof Iterator<?> names) {
                    List<Path> wrapped = new ArrayList<>();
                    names.forEachRemaining(name -> wrapped.add(disk.path((Path) name)));
                    return wrapped.iterator();
                }
                return result instanceof Path path ? disk.path(path) : result;
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }
    }
}
