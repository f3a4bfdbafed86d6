# An image of the program and what it needs, and nothing else:
#   docker build -t venuebox .
#   docker run --network host venuebox
FROM debian:12 AS build
COPY . /venuebox
WORKDIR /venuebox
RUN script/setup && script/build release venuebox && script/image-root build/release/venuebox /image

FROM scratch
COPY --from=build /image/ /
USER 65534:65534
ENTRYPOINT ["/venuebox"]
CMD ["serve", "--store", "memory"]
